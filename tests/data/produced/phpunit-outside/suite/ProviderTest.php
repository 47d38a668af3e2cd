<?php
use PHPUnit\Framework\TestCase;
class ProviderTest extends TestCase { public static function prices() { throw new Exception("no prices"); } /** @dataProvider prices */ public function testPrice($count) { $this->assertTrue(true); } public function testAdds() { $this->assertTrue(true); } }
