"""Long work of staff: kept as a job, done by a worker part by part, shown while it goes on."""
