"""What can be learnt from how services are used, without knowing by whom."""
