"""Why a clause is not carried out."""


class Refused(Exception):
    """A clause that cannot be carried out; its text says why, without the name of the clause."""


class WrongSyntax(Refused):
    """A clause that cannot be read."""


class Malformed(Refused):
    """A clause that can be read, but not be meant: an unknown field, a number where a date has to be."""


class NotCarriedOut(Refused):
    """Something of the language that this portal does not know."""
