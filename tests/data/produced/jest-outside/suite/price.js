module.exports = (count) => (count > 1 ? count * 5 : 5);
