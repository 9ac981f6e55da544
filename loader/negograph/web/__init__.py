"""Local servers, for the browser of the person who started them and for nobody else."""
