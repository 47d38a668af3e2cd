public class NoTests {}
