"""What registers are told because something was decided or paid: kept until each has recorded it, or has said no."""
