// The cart as the browser keeps it.
class Cart {
  constructor() {
    this.lines = new Map();
  }

  add(name, quantity = 1) {
    if (quantity < 1) throw new RangeError(`quantity of ${name} must be at least 1`);
    this.lines.set(name, (this.lines.get(name) ?? 0) + quantity);
  }

  names() {
    return [...this.lines.keys()].sort((a, b) => a.localeCompare(b, "de"));
  }

  // The bug that a test finds: cut counts UTF-16 units, so an emoji at the edge is halved.
  shortLabel(name) {
    return name.length > 8 ? `${name.slice(0, 8)}…` : name;
  }
}

module.exports = { Cart };
