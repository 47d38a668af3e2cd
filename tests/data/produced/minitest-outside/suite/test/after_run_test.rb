require 'minitest/autorun'
require 'minitest/reporters'
Minitest::Reporters.use! [Minitest::Reporters::DefaultReporter.new, Minitest::Reporters::JUnitReporter.new(ENV['OUT'])]
Minitest.after_run { exit 4 }
class CartTest < Minitest::Test; def test_adds; end; end
