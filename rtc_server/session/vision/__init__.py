"""Looking at the person during a session: the camera, the checks that nodes ask for, and what becomes of them."""
