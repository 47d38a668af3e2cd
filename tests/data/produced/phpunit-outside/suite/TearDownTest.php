<?php
use PHPUnit\Framework\TestCase;
class TearDownTest extends TestCase { protected function tearDown(): void { throw new Exception("left open"); } public function testAdds() { $this->assertTrue(true); } }
