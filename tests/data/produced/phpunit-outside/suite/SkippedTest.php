<?php
use PHPUnit\Framework\TestCase;
class SkippedTest extends TestCase { public function testSkipped() { $this->markTestSkipped("not on CI"); } }
