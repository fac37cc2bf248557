"""HTTP to addresses that customers name: judged before they are connected to, bounded in time and size."""
