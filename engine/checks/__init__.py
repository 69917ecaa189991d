"""Everything that is wrong with the files of a deployment, as findings with file, line, element and remedy."""

from engine.checks.files import check_files, check_portability, check_standard

__all__ = ["check_files", "check_portability", "check_standard"]
