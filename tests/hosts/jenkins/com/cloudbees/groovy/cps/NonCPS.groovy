package com.cloudbees.groovy.cps

import java.lang.annotation.ElementType
import java.lang.annotation.Retention
import java.lang.annotation.RetentionPolicy
import java.lang.annotation.Target

/** Jenkins' own mark of pure code, which means nothing outside of its interpreter. */
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.METHOD)
@interface NonCPS {}
