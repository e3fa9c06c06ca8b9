import t from 'tap'
import { nearestName } from '../../src/settings/nearest-name.ts'

const known = ['Region', 'BucketName', 'AccessKeyId', 'LogFile', 'LogType']

t.test('finds the name that was meant', t => {
  t.equal(nearestName('Regoin', known), 'Region')
  t.equal(nearestName('ture', ['true', 'false']), 'true', 'a swap is one')
  t.equal(nearestName('REGIONS', known), 'Region')
  t.equal(nearestName('Bucket', known), 'BucketName')
  t.equal(nearestName('AccessKey', known), 'AccessKeyId')
  t.equal(nearestName('LogTipe', known), 'LogType', 'the nearer of two')
  t.end()
})

t.test('finds none when none is near', t => {
  t.equal(nearestName('Profile', known), undefined)
  t.equal(nearestName('Verbosity', known), undefined)
  t.equal(nearestName('', known), undefined)
  t.equal(nearestName('Region', []), undefined)
  t.end()
})
