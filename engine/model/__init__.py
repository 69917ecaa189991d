"""Plain dataclasses, enums and rules without I/O; every other room may use this one."""
