"""Jobs: one action over many tasks or assets, shown with its count and price first, then carried by the poller."""
