require 'minitest/autorun'
require 'minitest/reporters'
Minitest::Reporters.use! [Minitest::Reporters::DefaultReporter.new, Minitest::Reporters::JUnitReporter.new(ENV['OUT'])]
class CartTest < Minitest::Test; def test_adds; end; def test_exits; exit! 3; end; end
