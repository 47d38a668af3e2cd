<?php
use PHPUnit\Framework\TestCase;
class DeprecatedTest extends TestCase { public function testOld() { trigger_error("old", E_USER_DEPRECATED); $this->assertTrue(true); } }
