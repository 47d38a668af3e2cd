<?php
use PHPUnit\Framework\TestCase;
class SetUpClassTest extends TestCase { public static function setUpBeforeClass(): void { throw new Exception("no database"); } public function testAdds() { $this->assertTrue(true); } }
