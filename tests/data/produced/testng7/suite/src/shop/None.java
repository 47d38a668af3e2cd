package shop;

public class None {}
