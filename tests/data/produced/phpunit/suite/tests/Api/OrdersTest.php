<?php

use PHPUnit\Framework\TestCase;

class OrdersTest extends TestCase
{
    public function testLists(): void
    {
        $this->assertTrue(true);
    }
}
