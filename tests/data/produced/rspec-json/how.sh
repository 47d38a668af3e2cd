# apt-get install ruby-rspec (3.12)
record report.json rspec --format progress --format json --out reports/report.json spec/cart_spec.rb
record broken.json rspec --format progress --format json --out reports/broken.json spec/broken_spec.rb
