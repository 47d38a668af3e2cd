# frozen_string_literal: true

RSpec.describe 'Cart' do
  it 'adds an item' do
    puts 'adding größe-注文'
    warn 'to standard error'
    expect(1 + 1).to eq(2)
  end

  it 'totals' do
    expect('7 €').to eq('8 €')
  end

  it 'asks the database' do
    raise IOError, 'no database'
  end

  [[1, 5], [2, 11]].each do |count, price|
    it "asks #{price} for #{count}" do
      expect(count * 5).to eq(price)
    end
  end

  it 'is not on CI', skip: 'not on CI'
  it 'is to be written'

  context 'when it is empty' do
    it 'costs nothing' do
      expect([]).to be_empty
    end
  end
end
