<?php
use PHPUnit\Framework\TestCase;
class GreenTest extends TestCase { public function testAdds() { $this->assertSame(2, 1 + 1); } }
