# pip install behave==1.3.3
PYTHONDONTWRITEBYTECODE=1 behave --junit --junit-directory reports
