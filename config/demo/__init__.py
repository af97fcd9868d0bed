"""The whole product on one machine: its processes, started, watched and stopped together."""
