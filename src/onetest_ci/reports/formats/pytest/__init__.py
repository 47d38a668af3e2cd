"""What pytest's plug-ins write in formats of their own, and what these formats have in common."""
