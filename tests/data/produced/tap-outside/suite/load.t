use A::Module::That::Is::Not::There;
