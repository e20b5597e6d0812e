"""Tests of the make targets and of the scripts behind them."""
