# What the attacked class may use: little, so that attacks on the limits end soon.
c.GradeInSandbox.limits = {
    "cell_seconds": 4,
    "notebook_seconds": 20,
    "memory": 1 << 30,
    "file_size": 2 << 20,
    "disk": 4 << 20,
    "processes": 24,
    "cpu_seconds": 8,
    "cell_output": 16 << 10,
    "notebook_output": 4 << 20,
}
