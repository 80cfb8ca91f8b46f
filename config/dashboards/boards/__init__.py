"""What config/dashboards/generate.py writes."""
