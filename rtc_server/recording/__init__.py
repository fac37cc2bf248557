"""Recording of calls: what a hub hands on is put into files as it came, without decoding or encoding anything."""
