# frozen_string_literal: true

require 'minitest/autorun'
require 'minitest/reporters'

Minitest::Reporters.use! Minitest::Reporters::JUnitReporter.new('reports')

module Shop
  class CartTest < Minitest::Test
    def test_adds
      assert_equal 2, 1 + 1
    end

    def test_total
      assert_equal '8 €', '7 €'
    end

    def test_database
      raise IOError, 'no database'
    end

    def test_skipped
      skip 'not on CI'
    end
  end
end

describe 'orders' do
  it 'lists' do
    _(1).must_equal 1
  end

  describe 'when there are none' do
    it 'is empty' do
      _([]).must_be_empty
    end
  end
end
