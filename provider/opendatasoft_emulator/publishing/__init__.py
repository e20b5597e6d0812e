"""The publication of datasets: the queue of orders, the statuses, and the published snapshots."""
