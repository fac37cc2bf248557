"""Bar codes of North American driving licences and identification cards: the AAMVA DL/ID Card Design Standard."""
