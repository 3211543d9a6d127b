"""What the rows tell of how the work goes over time: failures, durations, places at the provider, its outages."""
