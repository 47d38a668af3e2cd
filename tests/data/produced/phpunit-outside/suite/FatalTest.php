<?php
use PHPUnit\Framework\TestCase;
class FatalTest extends TestCase { public function testAdds() { $this->assertTrue(true); } public function testFatal() { eval("class TestCaseB extends Missing {}"); } }
