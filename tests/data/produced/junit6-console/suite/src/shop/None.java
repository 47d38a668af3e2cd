package shop;

class None {}
