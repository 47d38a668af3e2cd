<?php
use PHPUnit\Framework\TestCase;
class ExitsTest extends TestCase { public function testAdds() { $this->assertTrue(true); } public function testExits() { exit(3); } public function testNever() { $this->assertTrue(false); } }
