"""Presentation attack detection (ISO/IEC 30107-3), pure: challenges, evidence, policy, the machine and its verdict."""
