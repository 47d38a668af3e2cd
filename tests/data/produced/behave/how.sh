# pip install behave==1.3.3
export PYTHONDONTWRITEBYTECODE=1
record TESTS-cart.xml behave --junit --junit-directory reports
