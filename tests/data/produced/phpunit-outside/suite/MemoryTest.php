<?php
use PHPUnit\Framework\TestCase;
class MemoryTest extends TestCase { public function testFills() { ini_set("memory_limit", "40M"); str_repeat("x", 100000000); } }
