<?php

declare(strict_types=1);

namespace Shop\Tests;

use PHPUnit\Framework\TestCase;

final class CartTest extends TestCase
{
    public function testAdds(): void
    {
        echo "adding größe-注文\n";
        $this->assertSame(2, 1 + 1);
    }

    public function testTotal(): void
    {
        $this->assertSame('8 €', '7 €');
    }

    public function testDatabase(): void
    {
        throw new \RuntimeException('no database');
    }

    /** @dataProvider prices */
    public function testPrice(int $count, int $price): void
    {
        $this->assertSame($price, $count * 5);
    }

    public static function prices(): array
    {
        return ['one item' => [1, 5], [2, 11]];
    }

    public function testSkipped(): void
    {
        $this->markTestSkipped('not on CI');
    }

    public function testIncomplete(): void
    {
        $this->markTestIncomplete('to be written');
    }

    public function testRisky(): void
    {
    }
}
