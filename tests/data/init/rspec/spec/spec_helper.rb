RSpec.configure { |config| config.order = :defined }
