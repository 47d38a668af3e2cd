<?php
use PHPUnit\Framework\TestCase;
class TearDownClassTest extends TestCase { public static function tearDownAfterClass(): void { throw new Exception("left open"); } public function testAdds() { $this->assertTrue(true); } }
