"""Who may call, how often, and what is answered to a call that is sent again."""
