"""An emulator of an Opendatasoft portal: the Automation API with stored state and real processing of data."""
