<?php
use PHPUnit\Framework\TestCase;
require "not-there.php"; class LoadTest extends TestCase { public function testAdds() { $this->assertTrue(true); } }
