<?php
use PHPUnit\Framework\TestCase;
class ExitsWellTest extends TestCase { public function testAdds() { $this->assertTrue(true); } public function testExits() { exit(0); } public function testNever() { $this->assertTrue(false); } }
