# apt-get install ruby-rspec (3.12)
rspec --format json --out reports/report.json spec/cart_spec.rb || true
rspec --format json --out reports/broken.json spec/broken_spec.rb || true
