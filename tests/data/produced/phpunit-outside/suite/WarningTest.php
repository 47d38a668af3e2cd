<?php
use PHPUnit\Framework\TestCase;
class WarningTest extends TestCase { }
