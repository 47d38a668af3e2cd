<?php
use PHPUnit\Framework\TestCase;
class RiskyTest extends TestCase { public function testRisky() { } }
