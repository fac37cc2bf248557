"""Tests of rtc_server.weights: real pip and npm, against packages that the tests make themselves."""
