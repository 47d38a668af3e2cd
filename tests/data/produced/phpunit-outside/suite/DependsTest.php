<?php
use PHPUnit\Framework\TestCase;
class DependsTest extends TestCase { public function testFirst() { $this->assertTrue(false); } /** @depends testFirst */ public function testSecond() { $this->assertTrue(true); } }
